import { Refusal } from '../../shared/side-door/refusal.ts';

/** Waits for what a store comes to; its failure is told and becomes 503, in these words. */
export function orStoreDown(detail: string, onError: (error: unknown) => void) {
  return async <T>(call: Promise<T>): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      // What is refused for another reason is no failure of the store.
      if (error instanceof Refusal) throw error;
      onError(error);
      throw new Refusal('store-down', detail, { headers: { 'retry-after': '5' } });
    }
  };
}
