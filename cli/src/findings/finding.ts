/** One line of the doctor's report. */
export interface Finding {
  readonly subject: string;
  readonly state: 'ok' | 'note' | 'missing';
  readonly found: string;
  readonly advice?: string;
}
