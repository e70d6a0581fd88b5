/** Generated clients, whose classes no model can name: they are told by the credentials that they are made with. */
export interface StubLibrary {
  readonly library: string;
  /** The exported function that makes the second argument of a stub's constructor. */
  readonly credentials: RegExp;
  /** Methods of every stub that are no calls of the service. */
  readonly ownMethods: RegExp;
  /** In the third argument: what may limit all calls. */
  readonly limits: RegExp;
}

/** Waits without end unless a call has a deadline: https://grpc.io/docs/guides/deadlines/. */
export const grpcStubs: StubLibrary = {
  library: '@grpc/grpc-js',
  credentials: /^credentials\.create(?:Insecure|Ssl|FromSecureContext|FromGoogleCredential)$/,
  ownMethods: /^(?:waitForReady|close|make\w+Request)$/,
  limits: /interceptors|service_config|\.\.\./,
};
