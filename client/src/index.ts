/** The public surface of @zkinfer/client. */
export { ENVELOPE_URI_PREFIX } from '@zkinfer/core/service';
