import type { FloatGraph, FloatInput, FloatNode, FloatOperation } from '../graph/float-graph.ts';
import type { GraphTensor } from './layer-call.ts';

/** Collects the inputs and nodes of a graph and keeps their names apart. */
export class GraphBuilder {
  readonly #inputs: FloatInput[] = [];
  readonly #nodes: FloatNode[] = [];
  readonly #names = new Set<string>();

  addInput(name: string, shape: readonly number[]): GraphTensor {
    const input = { name: this.#unique(name), shape };
    this.#inputs.push(input);
    return input;
  }

  /**
   * Appends a node under the name wished for, numbered if that is taken: further calls of a shared
   * layer are.
   */
  addNode(
    wished: string,
    layer: string,
    operation: FloatOperation,
    inputs: readonly GraphTensor[],
    outputShape: readonly number[],
  ): GraphTensor {
    const name = this.#unique(wished);
    const inputNames = inputs.map((input) => input.name);
    this.#nodes.push({ name, layer, operation, inputs: inputNames, outputShape });
    return { name, shape: outputShape };
  }

  build(name: string, outputs: readonly GraphTensor[]): FloatGraph {
    const outputNames = outputs.map((output) => output.name);
    return { name, inputs: this.#inputs, nodes: this.#nodes, outputs: outputNames };
  }

  #unique(wished: string): string {
    let name = wished;
    for (let count = 2; this.#names.has(name); count++) name = `${wished}#${count}`;
    this.#names.add(name);
    return name;
  }
}
