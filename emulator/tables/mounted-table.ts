/** A table that the emulator serves from a file. */
export interface MountedTable {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
  /** The file with its rows. */
  readonly source: string;
  /** When its rows last changed, in milliseconds since 1970. */
  readonly lastModifiedMs: number;
}
