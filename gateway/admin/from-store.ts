import { Refusal } from '../../shared/side-door/refusal.ts';

/** What a call of the queue role comes to, for a route of the admin port; its failure is told and becomes 503. */
export async function fromStore<T>(
  call: Promise<T>,
  what: string,
  onError: (error: unknown) => void,
): Promise<T> {
  try {
    return await call;
  } catch (error) {
    onError(error);
    throw new Refusal('store-down', `The ${what} cannot be reached at the moment.`, {
      headers: { 'retry-after': '5' },
    });
  }
}
