import type { Command } from 'commander';
import type { RunVerb } from './session.ts';
import { addCompileVerb } from './verbs/compile.ts';
import { addDoctorVerb } from './verbs/doctor.ts';
import { addInferVerb } from './verbs/infer.ts';
import { addInspectVerb } from './verbs/inspect.ts';

/** Adds all verbs, in the order of help. */
export function addVerbs(program: Command, runVerb: RunVerb): void {
  program.commandsGroup('From a model to a circuit:');
  addCompileVerb(program, runVerb);
  addInspectVerb(program, runVerb);
  addInferVerb(program, runVerb);
  program.commandsGroup('This machine:');
  addDoctorVerb(program, runVerb);
}
