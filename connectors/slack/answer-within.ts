/** Waits a bounded time for something that only embellishes a result. */

/**
 * The promise's value, or `undefined` when it fails or takes longer than `waitMs` milliseconds: a name or a link that
 * is late must not cost the caller a result that is already there.
 *
 * @example
 * const url = await answerWithin(workspace.url(http), 1_000);
 */
export async function answerWithin<T>(promise: Promise<T>, waitMs: number): Promise<T | undefined> {
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), waitMs);
  try {
    return await Promise.race([promise.catch(() => undefined), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
