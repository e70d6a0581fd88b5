/** A node that is asked for its slot: newer ones speak HTTP, older ones a line protocol. */
export interface Upstream {
  readonly name: string;
  readonly protocol: 'http' | 'line';
  readonly host: string;
  readonly port: number;
}

export const requestTimeout = 1_000;
