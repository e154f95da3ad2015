import type { Command } from 'commander';
import type { RunVerb } from './session.ts';
import { addAuditVerb } from './verbs/audit.ts';
import { addCeremonyVerb } from './verbs/ceremony.ts';
import { addCompileVerb } from './verbs/compile.ts';
import { addDeployVerb } from './verbs/deploy.ts';
import { addDevVerb } from './verbs/dev.ts';
import { addDoctorVerb } from './verbs/doctor.ts';
import { addEvaluateVerb } from './verbs/evaluate.ts';
import { addExportVerb } from './verbs/export.ts';
import { addFulfillVerb } from './verbs/fulfill.ts';
import { addInferVerb } from './verbs/infer.ts';
import { addInspectVerb } from './verbs/inspect.ts';
import { addProveVerb } from './verbs/prove.ts';
import { addRefundVerb } from './verbs/refund.ts';
import { addRegisterVerb } from './verbs/register.ts';
import { addRequestVerb } from './verbs/request.ts';
import { addSetupVerb } from './verbs/setup.ts';
import { addStatusVerb } from './verbs/status.ts';
import { addVerifyVerb } from './verbs/verify.ts';
import { addWithdrawVerb } from './verbs/withdraw.ts';

/** Adds all verbs, in the order of help. */
export function addVerbs(program: Command, runVerb: RunVerb): void {
  program.commandsGroup('From a model to a circuit:');
  addCompileVerb(program, runVerb);
  addInspectVerb(program, runVerb);
  addEvaluateVerb(program, runVerb);
  addInferVerb(program, runVerb);
  program.commandsGroup('Keys:');
  addSetupVerb(program, runVerb);
  addCeremonyVerb(program, runVerb);
  addAuditVerb(program, runVerb);
  program.commandsGroup('Proofs:');
  addProveVerb(program, runVerb);
  addVerifyVerb(program, runVerb);
  addExportVerb(program, runVerb);
  program.commandsGroup('On chain:');
  addDevVerb(program, runVerb);
  addDeployVerb(program, runVerb);
  addRegisterVerb(program, runVerb);
  addRequestVerb(program, runVerb);
  addStatusVerb(program, runVerb);
  addFulfillVerb(program, runVerb);
  addRefundVerb(program, runVerb);
  addWithdrawVerb(program, runVerb);
  program.commandsGroup('This machine:');
  addDoctorVerb(program, runVerb);
}
