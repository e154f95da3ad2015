/**
 * TypeScript for compiled contracts: structs, enumerations, methods, events and constructors, with
 * the NatSpec as their docstrings, over the generic types of ethers. Integers of every width are
 * bigint, as ethers gives them.
 */

import { TypeNames } from './type-names.mjs';

const HEADER = '/** Generated from the contracts by scripts/build.mjs: do not edit. */';

/**
 * @param result what solc gave
 * @param version of this package
 * @returns texts by file name
 */
export function generateBindings(result, version) {
  const contracts = deployableContracts(result.contracts);
  const definitions = collectDefinitions(result.sources, contracts);
  const names = new TypeNames(definitions);
  return new Map([
    ['types.ts', typesModule(definitions, names)],
    ['version.ts', versionModule(version)],
    ...contracts.map((contract) => [`${kebab(contract.name)}.ts`, contractModule(contract, names)]),
  ]);
}

/**
 * The contracts to bind, by name: those with code, and OpenZeppelin's interface of tokens.
 */
export function deployableContracts(bySource) {
  return Object.entries(bySource)
    .flatMap(([source, contracts]) =>
      Object.entries(contracts).map(([name, output]) => ({ name, source, output })),
    )
    .filter(({ source, name }) => source.startsWith('contracts/') || FOREIGN.includes(name))
    .filter(({ output, name }) => hasCode(output) || name === 'IERC20Metadata')
    .filter(({ output }) => output.abi.some(({ type }) => type === 'function'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

const FOREIGN = ['TimelockController', 'IERC20Metadata'];

function hasCode(output) {
  return output.evm.bytecode.object.length > 0;
}

/** The structs and enumerations that the contracts' ABIs name; by name. */
function collectDefinitions(sources, contracts) {
  const wanted = new Set(contracts.flatMap(({ output }) => output.abi.flatMap(namedTypes)));
  const found = Object.values(sources)
    .flatMap(({ ast }) => ast?.nodes ?? [])
    .flatMap((node) => (node.nodeType === 'ContractDefinition' ? [node, ...node.nodes] : [node]))
    .filter(({ nodeType }) => ['StructDefinition', 'EnumDefinition'].includes(nodeType))
    .filter(({ canonicalName }) => wanted.has(canonicalName));
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** `IModelRegistry.TensorSpec` and the like, anywhere in an ABI's item or parameter. */
function namedTypes({ internalType = '', inputs = [], outputs = [], components = [] }) {
  const name = /^(?:struct|enum) ([\w.]+)/.exec(internalType)?.[1];
  const inner = [...inputs, ...outputs, ...components].flatMap(namedTypes);
  return name === undefined ? inner : [name, ...inner];
}

function versionModule(version) {
  const doc = '/** Version of zkinfer that these contracts belong to. */';
  return `${HEADER}\n\n${doc}\nexport const CONTRACTS_VERSION = '${version}';\n`;
}

function typesModule(definitions, names) {
  const texts = definitions.map((node) =>
    node.nodeType === 'EnumDefinition' ? enumText(node, names) : structText(node, names),
  );
  return `${HEADER}\n\n${texts.join('\n\n')}\n`;
}

function enumText(node, names) {
  const { members, documentation } = node;
  const name = names.nameOf(node);
  const entries = members.map((member, i) => `  ${member.name}: ${i}n,`).join('\n');
  return (
    `${docOf([noticeOf(documentation)])}export const ${name} = {\n${entries}\n} as const;\n` +
    `export type ${name} = (typeof ${name})[keyof typeof ${name}];`
  );
}

function structText(node, names) {
  const { members, documentation } = node;
  const name = names.nameOf(node);
  const fields = members.map((member) => {
    const doc = paramOf(documentation, member.name);
    const type = names.ofSolidity(member.typeDescriptions.typeString);
    return `${docOf([doc], '  ')}  readonly ${member.name}: ${type};`;
  });
  return `${docOf([noticeOf(documentation)])}export interface ${name} {\n${fields.join('\n')}\n}`;
}

function contractModule({ name, output }, names) {
  const { abi } = output;
  const functions = abi.filter(({ type }) => type === 'function');
  const events = abi.filter(({ type }) => type === 'event');
  const deployed = abi.find(({ type }) => type === 'constructor');
  const overloaded = functions.find((f, i) => functions.findIndex((g) => g.name === f.name) !== i);
  if (overloaded !== undefined) throw new Error(`${name}.${overloaded.name} is overloaded`);
  const body = [
    `${docOf([output.userdoc.notice])}export interface ${name}Methods {\n` +
      `${functions.map((item) => methodText(item, output, names)).join('\n')}\n}`,
    `/** What its events carry. */\nexport interface ${name}Events {\n` +
      `${events.map((item) => eventText(item, output, names)).join('\n')}\n}`,
    `/** The constructor's arguments. */\nexport type ${name}Arguments = ` +
      `${names.ofArguments(deployed?.inputs ?? [])};`,
    artifactText(name, output),
  ].join('\n\n');
  return `${HEADER}\n${importsFor(body, names.all)}\n${body}\n`;
}

function methodText(item, { devdoc, userdoc }, names) {
  const signature = `${item.name}(${item.inputs.map(canonicalType).join(',')})`;
  const { details, params } = devdoc.methods?.[signature] ?? {};
  const doc = [userdoc.methods?.[signature]?.notice, details, ...paramLines(params)];
  const reads = ['view', 'pure'].includes(item.stateMutability);
  const result = names.ofResults(item.outputs);
  const sent = reads ? result : 'ContractTransactionResponse';
  const type = `BaseContractMethod<${names.ofArguments(item.inputs)}, ${result}, ${sent}>`;
  return `${docOf(doc, '  ')}  readonly ${item.name}: ${type};`;
}

function eventText(item, { devdoc, userdoc }, names) {
  const signature = `${item.name}(${item.inputs.map(canonicalType).join(',')})`;
  const doc = [userdoc.events?.[signature]?.notice, devdoc.events?.[signature]?.details];
  const fields = item.inputs.map((input) => `readonly ${input.name}: ${names.of(input)}`);
  return `${docOf(doc, '  ')}  readonly ${item.name}: { ${fields.join('; ')} };`;
}

function artifactText(name, { abi, evm }) {
  const { bytecode, deployedBytecode } = evm;
  if (Object.keys(bytecode.linkReferences ?? {}).length > 0) {
    throw new Error(`${name} needs to be linked`);
  }
  const immutables = Object.values(deployedBytecode.immutableReferences ?? {}).flat();
  return (
    `const ABI = ${JSON.stringify(abi)};\n\n` +
    `/** All that calling it needs. */\n` +
    `export const ${name}Interface: ContractInterface<${name}Methods, ${name}Events> = {\n` +
    `  name: '${name}',\n  abi: ABI,\n};\n\n` +
    `/** With its code. */\n` +
    `export const ${name}: ContractArtifact<${name}Methods, ${name}Events, ${name}Arguments> = {\n` +
    `  name: '${name}',\n  abi: ABI,\n` +
    `  bytecode: '0x${bytecode.object}',\n  runtimeCode: '0x${deployedBytecode.object}',\n` +
    `  immutables: ${JSON.stringify(immutables)},\n};`
  );
}

function importsFor(body, structs) {
  const types = body.slice(0, body.indexOf('const ABI = '));
  const used = (names) => names.filter((item) => new RegExp(`[\\s:([]${item}\\b`).test(types));
  const fromEthers = used(['BaseContractMethod', 'ContractTransactionResponse']);
  const ownTypes = used(structs);
  return [
    `import type { ${fromEthers.join(', ')} } from 'ethers';`,
    `import type { ContractArtifact, ContractInterface } from '../contract-artifact.ts';`,
    ...(ownTypes.length > 0 ? [`import type { ${ownTypes.join(', ')} } from './types.ts';`] : []),
    '',
  ].join('\n');
}

function canonicalType({ type, components }) {
  if (!type.startsWith('tuple')) return type;
  return `(${components.map(canonicalType).join(',')})${type.slice('tuple'.length)}`;
}

function docOf(parts, indent = '') {
  const lines = parts
    .filter((part) => part !== undefined && part !== '')
    .map((part) => part.replaceAll(/\s+/g, ' ').trim());
  if (lines.length === 0) return '';
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`).join('\n')}\n${indent} */\n`;
}

function paramLines(params = {}) {
  return Object.entries(params).map(([name, text]) => `@param ${name} ${text}`);
}

function noticeOf(documentation) {
  return tagsOf(documentation).notice;
}

function paramOf(documentation, member) {
  return tagsOf(documentation)[`param ${member}`];
}

/** NatSpec of a struct or enumeration by tag; `@param name` under `param name`. */
function tagsOf(documentation) {
  const text = documentation?.text ?? '';
  const parts = text.split(/(?:^|\n)\s*@/).filter(Boolean);
  return Object.fromEntries(
    parts.map((part) => {
      const [, tag, body] = /^(param\s+\w+|\w+)\s*([\s\S]*)$/.exec(part);
      return [tag.replace(/\s+/, ' '), body.trim()];
    }),
  );
}

function kebab(name) {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
