/** Hands the events of a subscription from Yoga's stream to the platform's, and the client's leaving back. */

/**
 * Given a stream of another make, `Response` reads it as an iterable, and closes it once more after its reader has
 * left: an exception that nothing catches.
 */
export function eventBody(events: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = events.getReader();
  let hasLeft = false;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (hasLeft) return;
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel(reason) {
      hasLeft = true;
      await reader.cancel(reason);
    },
  });
}
