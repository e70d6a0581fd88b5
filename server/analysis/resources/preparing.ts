/** What a program does to make the place ready that it is to work with: one time, before anything else, or not at all. */
export const preparingWords =
  /\bcreate\s+(?:database|schema|table|extension|(?:unique\s+)?index)\s+if\s+not\s+exists\b|\bpg_advisory_lock\b|\.createTopics\(/i;
