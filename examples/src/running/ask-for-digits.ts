/** Ten digits are read: five that a contract asks for, five over HTTP, all at once. */
import {
  ChainClient,
  type InferenceJob,
  type Model,
  type PreparedInput,
  prepareInput,
  ServiceClient,
} from '@zkinfer/client';
import { AskedVault } from '../on-chain/asked-vault.ts';
import { ACCOUNT, type LocalMarket } from '../on-chain/local-market.ts';
import { print } from '../zkinfer-step.ts';
import type { QuickstartService } from './quickstart-service.ts';
import { type TestDigit, testDigits } from './test-digits.ts';

/** What was asked, and how it was before the answers. */
export interface AskedDigits {
  readonly vault: AskedVault;
  /** Of anvil: the vault has asked, nobody has answered. */
  readonly snapshot: string;
  /** Waits for all answers and shows each as it comes. */
  readonly answered: () => Promise<void>;
}

/** A digit on its way. */
interface Question {
  readonly digit: TestDigit;
  readonly by: string;
  readonly job: InferenceJob;
}

const DIGITS = 10;
const OF_VAULT = 5;
const PATIENCE_MS = 10 * 60_000;

/** @throws what the client throws */
export async function askForDigits(
  market: LocalMarket,
  service: QuickstartService,
  modelDigest: string,
): Promise<AskedDigits> {
  const client = new ServiceClient({ url: service.url });
  // On this machine. Elsewhere, pin the model: docs of the client say how.
  const model = await client.model(modelDigest, { trustService: true });
  const digits = await testDigits(DIGITS);
  const ofVault = digits.slice(0, OF_VAULT);
  const prepared = ofVault.map(({ pixels }) => prepareInput(model, pixels));
  const vault = await askByVault(market, client, { digits: ofVault, prepared });
  const snapshot: string = await market.chain.provider.send('evm_snapshot', []);
  const began = Date.now();
  const questions = [
    ...(await questionsOfVault(market, client, { vault, model, digits: ofVault, prepared })),
    ...(await questionsOverHttp(client, model, digits.slice(OF_VAULT))),
  ];
  const answered = async () => {
    await Promise.all(questions.map((question) => showAnswer(question, began)));
  };
  return { vault, snapshot, answered };
}

interface VaultQuestions {
  readonly digits: readonly TestDigit[];
  readonly prepared: readonly PreparedInput[];
}

/** The drawings stay hidden: the chain sees commitments, the service gets what opens them. */
async function askByVault(
  market: LocalMarket,
  client: ServiceClient,
  { digits, prepared }: VaultQuestions,
): Promise<AskedVault> {
  const drawings = await Promise.all(
    prepared.map(async ({ envelope, inputHash }) => {
      const { uri } = await client.storeEnvelope(envelope, inputHash);
      return { inputHash, uri };
    }),
  );
  return AskedVault.ask(
    market,
    digits.map(({ label }) => label),
    drawings,
  );
}

async function questionsOfVault(
  market: LocalMarket,
  service: ServiceClient,
  { vault, model, digits, prepared }: VaultQuestions & { vault: AskedVault; model: Model },
): Promise<Question[]> {
  const { deployment } = market;
  const runner = market.signer(ACCOUNT.opener);
  const chain = new ChainClient({ runner, deployment, service, pollMs: 500 });
  return Promise.all(
    digits.map(async (digit, i) => {
      const { inputSalt } = prepared[i]!.envelope;
      const job = await chain.job(vault.requestIds[i]!, { model, inputSalt });
      return { digit, by: 'the contract', job };
    }),
  );
}

async function questionsOverHttp(
  client: ServiceClient,
  model: Model,
  digits: readonly TestDigit[],
): Promise<Question[]> {
  return Promise.all(
    digits.map(async (digit) => {
      const job = await client.submit({ model, input: digit.pixels });
      return { digit, by: 'over HTTP', job };
    }),
  );
}

async function showAnswer({ digit, by, job }: Question, began: number): Promise<void> {
  const { outputs } = await job.waitForResult({ timeoutMs: PATIENCE_MS });
  const seconds = ((Date.now() - began) / 1000).toFixed(1).padStart(5);
  const read = outputs[0]!.predicted;
  const verdict = read === digit.label ? '✓' : '✗';
  print(`  ${verdict} ${by.padEnd(12)}  a ${digit.label} is read as ${read}  after ${seconds} s`);
}
