import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from '../tables/quote.ts';
import { readTableKind } from './catalog-reads.ts';
import { type TableName, tableSql } from './table-name.ts';

/** Turns views of mounted tables into tables of a project's own on the first write to them. One copy is made at a time. */
export class WritableCopies {
  readonly #connection: DuckDBConnection;
  #last: Promise<unknown> = Promise.resolve();

  /** Takes a connection for its own use: it opens transactions. */
  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  /** Makes sure that a name does not stand for a view; a name that is free stays so. */
  ensure(table: TableName): Promise<void> {
    const mine = this.#last.then(() => this.#copyView(table));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #copyView(table: TableName): Promise<void> {
    if ((await readTableKind(this.#connection, table)) !== 'VIEW') return;
    const copy = { ...table, tableId: `${table.tableId}__copy` };
    await this.#connection.run(
      `CREATE OR REPLACE TABLE ${tableSql(copy)} AS FROM ${tableSql(table)}`,
    );
    await this.#connection.run('BEGIN');
    try {
      await this.#connection.run(`DROP VIEW ${tableSql(table)}`);
      await this.#connection.run(
        `ALTER TABLE ${tableSql(copy)} RENAME TO ${quoteName(table.tableId)}`,
      );
      await this.#connection.run('COMMIT');
    } catch (error) {
      await this.#connection.run('ROLLBACK');
      throw error;
    }
  }
}
