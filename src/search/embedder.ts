/** What turns texts into vectors whose angle tells how close their meanings are. */
export interface Embedder {
  /** One vector a text, in their order and all of one length. Throws catalogue errors. */
  embed(texts: readonly string[]): Promise<Float32Array[]>;
  /** Ends what runs. */
  close(): Promise<void>;
}
