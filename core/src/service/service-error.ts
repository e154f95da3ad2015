/** What the service answers when it refuses: the fields of a ZkinferError, nothing secret. */
import Type, { type Static } from 'typebox';
import { CLOSED } from './json-schemas.ts';

/** The body of every answer with status 400 and above. */
export const ServiceErrorSchema = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.String(),
        what: Type.String(),
        got: Type.Optional(Type.String()),
        expected: Type.Optional(Type.String()),
        hint: Type.Optional(Type.String()),
        requestId: Type.Optional(Type.String({ description: 'to be found in the logs' })),
      },
      CLOSED,
    ),
  },
  CLOSED,
);

/** A refusal. */
export type ServiceError = Static<typeof ServiceErrorSchema>;
