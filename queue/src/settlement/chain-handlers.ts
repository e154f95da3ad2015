/** The chain's stages for all chains that a process serves. */
import { EnvironmentError } from '@zkinfer/core';
import type { StageHandler } from '../jobs/stage-worker.ts';
import type { ChainHandlers, ChainService } from './chain-service.ts';
import { chainRequestOf } from './settlement-handlers.ts';

/**
 * Handlers that pass each task on to the service of its chain and contract.
 * @throws by the handlers: EnvironmentError QUEUE_CHAIN_NOT_SERVED
 */
export function chainHandlers(services: readonly ChainService[]): ChainHandlers {
  const handlerOf = (stage: keyof ChainHandlers): StageHandler => {
    return async (task, context) => {
      const { chainId, coprocessor } = chainRequestOf(task);
      const service = services.find(
        (one) =>
          String(one.chainId) === chainId &&
          one.coprocessor.toLowerCase() === coprocessor.toLowerCase(),
      );
      if (service === undefined) throw notServed(chainId, coprocessor);
      return service.handlers[stage](task, context);
    };
  };
  return {
    settle: handlerOf('settle'),
    confirm: handlerOf('confirm'),
    callback: handlerOf('callback'),
  };
}

function notServed(chainId: string, coprocessor: string): EnvironmentError {
  return new EnvironmentError({
    code: 'QUEUE_CHAIN_NOT_SERVED',
    what: 'this service does not serve the chain of the request any more',
    got: `coprocessor ${coprocessor} on chain ${chainId}`,
    hint: 'Add the chain to the configuration again until its jobs are through.',
  });
}
