import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';

/** Where the warehouse is; `emulatorUrl` puts a local stand-in in its place, which asks for no credentials. */
export interface WarehouseAddress {
  readonly projectId: string;
  readonly location: string | undefined;
  readonly emulatorUrl: string | undefined;
}

/** The official client with its own retries off: they would outlive every budget (four calls, sixteen seconds). */
export function connectWarehouse({ projectId, location, emulatorUrl }: WarehouseAddress): BigQuery {
  // The client would prefer this variable to the address that it is given, and use it without a scheme.
  delete process.env['BIGQUERY_EMULATOR_HOST'];
  return new BigQuery({
    projectId,
    retryOptions: { autoRetry: false },
    ...(location === undefined ? {} : { location }),
    ...(emulatorUrl === undefined
      ? {}
      : {
          apiEndpoint: emulatorUrl,
          // The client's own copy of the auth library is typed apart from ours, though it is the same class.
          authClient: new PassThroughClient() as unknown as NonNullable<
            BigQueryOptions['authClient']
          >,
        }),
  });
}
