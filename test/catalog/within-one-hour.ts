const HOUR_MS = 3_600_000;

/** Runs an action that gets the last full hour, again if the next hour began meanwhile: windows end on full hours. */
export async function withinOneHour<T>(action: (hour: Date) => Promise<T>): Promise<T> {
  for (;;) {
    const hour = lastFullHour();
    const result = await action(hour);
    if (lastFullHour().getTime() === hour.getTime()) return result;
  }
}

function lastFullHour(): Date {
  return new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
}
