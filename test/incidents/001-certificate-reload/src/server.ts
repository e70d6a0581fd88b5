import { createServer, type Server } from 'node:https';
import { type Certificate, readCertificate } from './certificate.ts';

export function startServer(directory: string): Server {
  let certificate: Certificate | undefined;
  try {
    certificate = readCertificate(directory);
  } catch {
    // It comes with the first reload.
  }
  const server = createServer({ ...certificate }, (_request, response) => response.end('Hello, world!\n'));
  server.requestTimeout = 10_000;
  return server;
}

/** Whoever renews the certificate sends SIGHUP afterwards. */
export function reloadOnHangup(server: Server, directory: string): void {
  process.on('SIGHUP', () => {
    try {
      server.setSecureContext(readCertificate(directory));
      console.log('certificate reloaded');
    } catch (error) {
      console.error('could not reload the certificate:', error);
    }
  });
}
