import type { Command } from 'commander';
import type { RunVerb } from './session.ts';
import { addDoctorVerb } from './verbs/doctor.ts';

/** Adds all verbs, in the order of help. */
export function addVerbs(program: Command, runVerb: RunVerb): void {
  program.commandsGroup('This machine:');
  addDoctorVerb(program, runVerb);
}
