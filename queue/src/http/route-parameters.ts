/** Segments and queries of paths, as schemas: nothing else reaches a handler. */
import {
  Bytes32Schema,
  CLOSED,
  FieldElementSchema,
  HexDigestSchema,
  JobStatusSchema,
  TimeSchema,
} from '@zkinfer/core/service';
import Type from 'typebox';
import { CURSOR_PATTERN } from './client-jobs.ts';

const JobIdSchema = Type.String({ pattern: '^[a-z][a-z0-9-]{0,119}$' });

/** `:id` of a job. */
export const JobParameters = Type.Object({ id: JobIdSchema });

/** `:modelDigest`. */
export const ModelParameters = Type.Object({ modelDigest: HexDigestSchema });

/** `:sha256` of a blob. */
export const BlobParameters = Type.Object({ sha256: HexDigestSchema });

/** `:chainId` and `:requestId`. */
export const RequestParameters = Type.Object({
  chainId: Type.String({ pattern: '^[1-9][0-9]{0,19}$' }),
  requestId: Bytes32Schema,
});

const LARGEST_PAGE = 200;
const limit = Type.Integer({ minimum: 1, maximum: LARGEST_PAGE, default: 50 });

/** Of a client's own jobs. */
export const OwnJobsQuery = Type.Object(
  {
    status: Type.Optional(JobStatusSchema),
    limit: Type.Optional(limit),
    after: Type.Optional(Type.String({ pattern: CURSOR_PATTERN, description: '`next` before' })),
  },
  CLOSED,
);

/** Of all jobs. */
export const AllJobsQuery = Type.Object(
  {
    status: Type.Optional(JobStatusSchema),
    limit: Type.Optional(limit),
    after: Type.Optional(JobIdSchema),
  },
  CLOSED,
);

/** How many jobs a page has unless told. */
export const DEFAULT_PAGE = 50;

/** What stands in the query when the body is float32; all of it is in the body otherwise. */
export const RealsQuery = Type.Object(
  {
    modelDigest: Type.Optional(HexDigestSchema),
    inputSalt: Type.Optional(FieldElementSchema),
    binder: Type.Optional(FieldElementSchema),
    deadline: Type.Optional(TimeSchema),
    webhook: Type.Optional(Type.String({ maxLength: 2048 })),
  },
  CLOSED,
);
