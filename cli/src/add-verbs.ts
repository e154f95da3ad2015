import type { Command } from 'commander';
import type { RunVerb } from './session.ts';

/** A verb as the list of verbs shows it, and where the rest of it is. */
interface VerbEntry {
  readonly name: string;
  readonly description: string;
  /** Adds arguments, options and action to the verb's command. */
  readonly load: () => Promise<(command: Command, runVerb: RunVerb) => void>;
}

/**
 * Adds all verbs, in the order of help. Modules are loaded for those alone that the arguments name:
 * what some verbs need (ethers, snarkjs, the queue) takes the others seconds to load. A name that is
 * meant otherwise, say a folder's, costs time and nothing else.
 * @param args those of the command line
 */
export async function addVerbs(
  program: Command,
  runVerb: RunVerb,
  args: readonly string[],
): Promise<void> {
  for (const [group, verbs] of Object.entries(VERBS)) {
    program.commandsGroup(group);
    for (const { name, description, load } of verbs) {
      const command = program.command(name).description(description);
      if (args.includes(name)) (await load())(command, runVerb);
    }
  }
}

/** By the headings of help. */
const VERBS: Readonly<Record<string, readonly VerbEntry[]>> = {
  'From a model to a circuit:': [
    {
      name: 'compile',
      description: 'quantise a trained model and compile it to a circuit',
      load: async () => (await import('./verbs/compile.ts')).defineCompileVerb,
    },
    {
      name: 'inspect',
      description: 'show a compiled model: layers, ranges, rows, and what a proof will cost',
      load: async () => (await import('./verbs/inspect.ts')).defineInspectVerb,
    },
    {
      name: 'evaluate',
      description: 'compare the integer network with the float model on a test set',
      load: async () => (await import('./verbs/evaluate.ts')).defineEvaluateVerb,
    },
    {
      name: 'infer',
      description: 'run the integer network alone: what a proof would prove, without a proof',
      load: async () => (await import('./verbs/infer.ts')).defineInferVerb,
    },
  ],
  'Keys:': [
    {
      name: 'setup',
      description: 'make the keys of a compiled model',
      load: async () => (await import('./verbs/setup.ts')).defineSetupVerb,
    },
    {
      name: 'ceremony',
      description: 'turn the initial key of `setup --ptau` into one that others can trust',
      load: async () => (await import('./verbs/ceremony.ts')).defineCeremonyVerb,
    },
    {
      name: 'audit',
      description: 'rebuild the circuit from the model and compare everything with it',
      load: async () => (await import('./verbs/audit.ts')).defineAuditVerb,
    },
  ],
  'Proofs:': [
    {
      name: 'prove',
      description: 'prove what the model gives for an input',
      load: async () => (await import('./verbs/prove.ts')).defineProveVerb,
    },
    {
      name: 'verify',
      description: 'verify a proof, and that it is about what someone claims',
      load: async () => (await import('./verbs/verify.ts')).defineVerifyVerb,
    },
    {
      name: 'export',
      description: 'write files for other tools: snarkjs, rapidsnark, contracts',
      load: async () => (await import('./verbs/export.ts')).defineExportVerb,
    },
  ],
  'On chain:': [
    {
      name: 'dev',
      description: 'run a local chain with everything deployed, until Ctrl-C',
      load: async () => (await import('./verbs/dev.ts')).defineDevVerb,
    },
    {
      name: 'deploy',
      description: 'deploy verifier, registry and coprocessor to a chain, once',
      load: async () => (await import('./verbs/deploy.ts')).defineDeployVerb,
    },
    {
      name: 'register',
      description: 'register a model with its keys under one’s own address',
      load: async () => (await import('./verbs/register.ts')).defineRegisterVerb,
    },
    {
      name: 'request',
      description: 'ask for the model’s output on an input, and escrow what it costs',
      load: async () => (await import('./verbs/request.ts')).defineRequestVerb,
    },
    {
      name: 'status',
      description: 'what became of a request',
      load: async () => (await import('./verbs/status.ts')).defineStatusVerb,
    },
    {
      name: 'fulfill',
      description: 'prove what a request asks for, deliver it, and be paid',
      load: async () => (await import('./verbs/fulfill.ts')).defineFulfillVerb,
    },
    {
      name: 'refund',
      description: 'credit the escrow of a late request to its refund address; anyone may',
      load: async () => (await import('./verbs/refund.ts')).defineRefundVerb,
    },
    {
      name: 'withdraw',
      description: 'pay out what one has earned or got back',
      load: async () => (await import('./verbs/withdraw.ts')).defineWithdrawVerb,
    },
  ],
  'A service:': [
    {
      name: 'serve',
      description: 'serve inferences over HTTP and to contracts, until Ctrl-C',
      load: async () => (await import('./verbs/serve.ts')).defineServeVerb,
    },
    {
      name: 'worker',
      description: 'do the inferences and proofs of a service, until Ctrl-C',
      load: async () => (await import('./verbs/worker.ts')).defineWorkerVerb,
    },
    {
      name: 'api-key',
      description: 'who may ask a service; it notices changes within seconds',
      load: async () => (await import('./verbs/api-key.ts')).defineApiKeyVerb,
    },
  ],
  'This machine:': [
    {
      name: 'doctor',
      description: 'say what this machine has and lacks for zkinfer, and what to do about it',
      load: async () => (await import('./verbs/doctor.ts')).defineDoctorVerb,
    },
  ],
};
