import {
  COMMITMENT_KIND,
  type ConstraintSystem,
  outputSalt,
  type PackedLayout,
  type RowSink,
  rangeBits,
} from '@zkinfer/core';
import { ArgmaxBlock } from '../blocks/argmax-block.ts';
import { BinderBlock } from '../blocks/binder-block.ts';
import type { Block } from '../blocks/block.ts';
import { CommitmentBlock } from '../blocks/commitment-block.ts';
import { InputBlock } from '../blocks/input-block.ts';
import { LeakyReluBlock } from '../blocks/leaky-relu-block.ts';
import { MaxPoolBlock } from '../blocks/max-pool-block.ts';
import { NamedTensorBlock } from '../blocks/named-tensor-block.ts';
import { RequantizeBlock } from '../blocks/requantize-block.ts';
import { SaltBlock } from '../blocks/salt-block.ts';
import { TableBlock } from '../blocks/table-block.ts';
import { rangedTensorsOf } from '../graph/build-network.ts';
import { isLinear, linearMapOf } from '../graph/linear/linear-map-of.ts';
import type { LinearOperator, Network, NetworkNode, NonlinearOperator } from '../graph/network.ts';
import type { RangedTensor } from '../graph/ranges.ts';
import { elementCount } from '../graph/shape.ts';
import { LinearAccumulator } from './linear-accumulator.ts';
import { linearTensor, type TensorExpression, wireTensor } from './tensor-expression.ts';

/** Wires of the public signals, in snarkjs order: outputs, then public inputs. */
export const PUBLIC_WIRES = { outputHash: 1, inputHash: 2, binder: 3 } as const;

const FIRST_PRIVATE_WIRE = 4;

/**
 * A linear operator's operands are given wires when their elements have more terms than this.
 * Composing two layers of t₁ and t₂ terms costs t₁ · t₂ terms an element in C, naming costs a row
 * an element; pooled sums of a few terms stay combinations.
 */
const MAX_COMPOSED_TERMS = 32;

/**
 * The same for operators that read an element of an operand once at most: composing them adds up
 * terms without repeating them. The bound is for chains that add a tensor to itself again and
 * again.
 */
const MAX_ADDED_TERMS = 2 ** 16;

/** The circuit of a network. */
export interface Circuit extends ConstraintSystem {
  readonly network: Network;
  /** In the order of their wires and rows. */
  readonly blocks: readonly Block[];
  /** How inputs and outputs are packed for their commitments, in the network's order. */
  readonly inputLayouts: readonly PackedLayout[];
  readonly outputLayouts: readonly PackedLayout[];
}

/**
 * Compiles a network: a pure function of it, so that equal networks have equal circuits, row by
 * row.
 *
 * Public signals [outputHash, inputHash, binder]; then blocks for the inputs, for each operator
 * that is not linear, and for the statement.
 */
export function compileCircuit(network: Network): Circuit {
  const compiler = new Compiler(network);
  for (const node of network.nodes) compiler.add(node);
  return compiler.finish();
}

/** How a network's inputs are packed: their exact ranges. */
export function inputLayoutsOf(network: Network): PackedLayout[] {
  return network.inputs.map(({ shape, lo, bits }) => ({ lo, bits, count: elementCount(shape) }));
}

/** How a network's outputs are packed: their static ranges. */
export function outputLayoutsOf(network: Network): PackedLayout[] {
  return network.outputs.map(({ tensor }) => {
    const { shape, lo, hi } = network.tensors.get(tensor)!;
    return { lo, bits: rangeBits(lo, hi), count: elementCount(shape) };
  });
}

class Compiler {
  readonly #network: Network;
  readonly #ranged: ReadonlyMap<string, RangedTensor>;
  readonly #expressions = new Map<string, TensorExpression>();
  readonly #blocks: Block[] = [];
  #wires = FIRST_PRIVATE_WIRE;
  #accumulator: LinearAccumulator | undefined;

  constructor(network: Network) {
    this.#network = network;
    this.#ranged = rangedTensorsOf(network.inputs, network.nodes);
    for (const input of network.inputs) {
      const block = this.#push(new InputBlock(input, this.#wires));
      this.#define(
        wireTensor(input.name, input.shape, this.#rangesOf(input.name), block.firstWire),
      );
    }
  }

  add(node: NetworkNode): void {
    const { name, operation } = node;
    if (!isLinear(operation)) {
      this.#define(this.#nonlinear(node, operation));
      return;
    }
    const limit = readsOnce(operation) ? MAX_ADDED_TERMS : MAX_COMPOSED_TERMS;
    const operands = node.inputs.map((input) => this.#withTerms(input, limit));
    const map = linearMapOf(
      operation,
      operands.map(({ shape }) => shape),
    );
    this.#define(linearTensor(name, map, operands, this.#rangesOf(name)));
  }

  finish(): Circuit {
    this.#addStatement();
    const blocks = this.#blocks;
    return {
      network: this.#network,
      blocks,
      wires: this.#wires,
      publicOutputs: 2,
      publicInputs: 1,
      rows: blocks.reduce((sum, block) => sum + block.rows, 0),
      inputLayouts: inputLayoutsOf(this.#network),
      outputLayouts: outputLayoutsOf(this.#network),
      emit(sink: RowSink): void {
        for (const block of blocks) block.emit(sink);
      },
    };
  }

  #nonlinear({ name, inputs }: NetworkNode, operation: NonlinearOperator): TensorExpression {
    const [input] = inputs as [string];
    const ranges = this.#rangesOf(name);
    const { shape } = this.#ranged.get(name)!;
    const at = () => this.#wires;
    const accumulator = this.#sharedAccumulator;
    switch (operation.kind) {
      case 'requantize': {
        const source = this.#expressions.get(input)!;
        const block = new RequantizeBlock(name, operation, source, at(), accumulator);
        return wireTensor(name, shape, ranges, this.#push(block).firstWire);
      }
      case 'maxPool2d': {
        const source = this.#withTerms(input, 1);
        const block = new MaxPoolBlock(name, operation, shape, source, at(), accumulator);
        return wireTensor(name, shape, ranges, this.#push(block).firstWire);
      }
      case 'table': {
        const source = this.#expressions.get(input)!;
        const block = new TableBlock(name, operation, source, at(), accumulator);
        return wireTensor(name, shape, ranges, this.#push(block).firstWire);
      }
      case 'argmax': {
        const source = this.#withTerms(input, 1);
        const block = new ArgmaxBlock(name, source, at(), accumulator);
        return wireTensor(name, shape, ranges, this.#push(block).firstWire);
      }
      case 'leakyRelu': {
        const source = this.#withTerms(input, 1);
        const block = new LeakyReluBlock(name, operation, source, at(), accumulator);
        return this.#push(block).expression(ranges);
      }
    }
  }

  #addStatement(): void {
    const network = this.#network;
    const salts = this.#push(new SaltBlock(this.#wires));
    const committed = (names: string[], layouts: PackedLayout[]) =>
      names.map((name, i) => ({ expression: this.#expressions.get(name)!, layout: layouts[i]! }));
    const input = {
      name: 'inputHash',
      kind: COMMITMENT_KIND.input,
      tensors: committed(
        network.inputs.map(({ name }) => name),
        inputLayoutsOf(network),
      ),
      salt: {
        terms: () => salts.inputSalt(),
        value: ({ inputSalt }: { inputSalt: bigint }) => inputSalt,
      },
      publicWire: PUBLIC_WIRES.inputHash,
    };
    const output = {
      name: 'outputHash',
      kind: COMMITMENT_KIND.output,
      tensors: committed(
        network.outputs.map(({ tensor }) => tensor),
        outputLayoutsOf(network),
      ),
      salt: {
        terms: () => salts.outputSalt(),
        value: ({ inputSalt }: { inputSalt: bigint }) => outputSalt(inputSalt),
      },
      publicWire: PUBLIC_WIRES.outputHash,
    };
    this.#push(new CommitmentBlock(input, this.#wires, this.#sharedAccumulator));
    this.#push(new CommitmentBlock(output, this.#wires, this.#sharedAccumulator));
    this.#push(new BinderBlock(PUBLIC_WIRES.binder, this.#wires));
  }

  /**
   * A tensor whose elements have at most so many terms: itself, or wires that name its elements.
   */
  #withTerms(name: string, limit: number): TensorExpression {
    const expression = this.#expressions.get(name)!;
    if (expression.maxTerms <= limit) return expression;
    const block = new NamedTensorBlock(expression, this.#wires, this.#sharedAccumulator);
    const { firstWire } = this.#push(block);
    const named = wireTensor(name, expression.shape, expression.ranges, firstWire);
    this.#define(named);
    return named;
  }

  readonly #sharedAccumulator = (): LinearAccumulator => {
    this.#accumulator ??= new LinearAccumulator(this.#wires);
    return this.#accumulator;
  };

  #push<B extends Block>(block: B): B {
    this.#blocks.push(block);
    this.#wires += block.wires;
    return block;
  }

  #define(expression: TensorExpression): void {
    this.#expressions.set(expression.name, expression);
  }

  #rangesOf(name: string) {
    return this.#ranged.get(name)!.ranges;
  }
}

/** Whether no element of an operand is in more than one element of the output. */
function readsOnce(operation: LinearOperator): boolean {
  switch (operation.kind) {
    case 'dense':
    case 'conv2d':
      return false;
    case 'averagePool2d':
      return operation.strides.every((stride, axis) => stride >= operation.size[axis]!);
    default:
      return true;
  }
}
