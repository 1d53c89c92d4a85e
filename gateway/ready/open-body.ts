/** The beginning of a compressed body that can be ended again and again, each time with other last bytes. */
export interface OpenBody {
  readonly bytes: Buffer;
  /** What must follow for the whole to decode to the beginning's contents and then `last`, which is ASCII. Latin-1: each character is a byte. */
  readonly end: (last: string) => string;
}
