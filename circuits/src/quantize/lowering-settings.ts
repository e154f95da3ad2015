import type { ImagePreprocessing } from '../graph/network.ts';
import type { PlannedNode } from './quantization-plan.ts';
import type { StatisticsOf } from './tensor-statistics.ts';

/** What lowering depends on beside the plan. */
export interface LoweringSettings {
  readonly activationBits: number;
  readonly image: ImagePreprocessing | undefined;
  readonly statisticsOf: StatisticsOf;
  /** Bits of the weights of a planned weighted node. */
  readonly weightBitsOf: (node: PlannedNode) => number;
}
