/**
 * Figures that others published, for orientation: other machines, other circuits, other statements.
 * Never mixed with measured ones. `null` where the source does not say.
 */
export interface PublishedFigure {
  readonly model: string;
  readonly system: string;
  readonly constraints: number | null;
  readonly setupSeconds: number | null;
  readonly proveSeconds: number;
  readonly memoryGb: number | null;
  readonly proofKb: number | null;
  readonly hardware: string | null;
  readonly source: string;
}

const ZKML_BENCHMARK = 'github.com/Guy1m0/ZKML-Benchmark (ESP FY23-1290)';
const BIONETTA = 'github.com/rarimo/bionetta, README';
const BIONETTA_HARDWARE = 'Xeon E5-2665, 16 threads, 350 GB';
const DEEP_PROVE = 'DeepProve, older README (EZKL untuned by their own account)';

/** As found in the sources, converted to seconds and gigabytes alone. */
export const PUBLISHED_FIGURES: readonly PublishedFigure[] = [
  benchmark('784-56-10 MLP', 'circomlib-ml, snarkjs', 73_416, 690, 2.35, 2.328),
  benchmark('784-56-10 MLP', 'zkml (Halo2)', null, null, 21.7, 2.355),
  benchmark('784-56-10 MLP', 'EZKL, accuracy mode', null, null, 38.0, 4.807),
  benchmark('LeNet-5-like CNN', 'circomlib-ml, snarkjs', 2_703_268, 24_230, 59.8, 19.438),
  benchmark('LeNet-5-like CNN', 'zkml (Halo2)', null, null, 15.1, 1.765),
  bionetta('Bionetta (UltraGroth)', 3.05, 0.27, 0.88),
  bionetta('zkml (Halo2)', 1_100, 39.95, 5.05),
  bionetta('EZKL', 1_310, 21.15, 127),
  bionetta('DeepProve', 3.66, 1.61, 8_002),
  bionetta('zkCNN', 3.45, 1.0, 23.25),
  deepProve('CNN of 264,000 parameters (CIFAR-10)', 'DeepProve', 1.24),
  deepProve('CNN of 264,000 parameters (CIFAR-10)', 'EZKL', 196.6),
];

function benchmark(
  model: string,
  system: string,
  constraints: number | null,
  setupSeconds: number | null,
  proveSeconds: number,
  memoryGb: number,
): PublishedFigure {
  const unknown = { proofKb: null, hardware: null, source: ZKML_BENCHMARK };
  return { model, system, constraints, setupSeconds, proveSeconds, memoryGb, ...unknown };
}

function bionetta(
  system: string,
  proveSeconds: number,
  memoryGb: number,
  proofKb: number,
): PublishedFigure {
  const model = '784-2000-60-4000-10 MLP';
  const unknown = { constraints: null, setupSeconds: null };
  const where = { hardware: BIONETTA_HARDWARE, source: BIONETTA };
  return { model, system, proveSeconds, memoryGb, proofKb, ...unknown, ...where };
}

function deepProve(model: string, system: string, proveSeconds: number): PublishedFigure {
  const unknown = { constraints: null, setupSeconds: null, memoryGb: null, proofKb: null };
  return { model, system, proveSeconds, ...unknown, hardware: null, source: DEEP_PROVE };
}
