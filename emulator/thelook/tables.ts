/** Where the dataset lives, as in BigQuery. */
export const THELOOK_PROJECT = 'bigquery-public-data';
/** The dataset's name, as in BigQuery. */
export const THELOOK_DATASET = 'thelook_ecommerce';

/** A table of the dataset: how its rows are ordered in its file, which columns are moments, and how it is mounted. */
export interface ThelookTable {
  readonly tableId: string;
  readonly orderBy: string;
  readonly timestamps: readonly string[];
  /** Loaded into memory, or read from its file by each query. */
  readonly mount: 'memory' | 'file';
}

/** All tables of the dataset. */
export const THELOOK_TABLES: readonly ThelookTable[] = [
  { tableId: 'distribution_centers', orderBy: 'id', timestamps: [], mount: 'memory' },
  { tableId: 'products', orderBy: 'id', timestamps: [], mount: 'memory' },
  { tableId: 'users', orderBy: 'id', timestamps: ['created_at'], mount: 'memory' },
  {
    tableId: 'orders',
    orderBy: 'created_at, order_id',
    timestamps: ['created_at', 'returned_at', 'shipped_at', 'delivered_at'],
    mount: 'memory',
  },
  {
    tableId: 'order_items',
    orderBy: 'created_at, id',
    timestamps: ['created_at', 'shipped_at', 'delivered_at', 'returned_at'],
    mount: 'memory',
  },
  {
    tableId: 'inventory_items',
    orderBy: 'created_at, id',
    timestamps: ['created_at', 'sold_at'],
    mount: 'file',
  },
  { tableId: 'events', orderBy: 'created_at, id', timestamps: ['created_at'], mount: 'file' },
];
