import type { Registration } from '../../contexts/registrations.ts';
import type { FileAnalysis } from '../../fileAnalysis.ts';
import type { Fix } from '../../finding.ts';
import { fixesOf } from '../../fixes/plan.ts';
import { registerOnce, subscribeToHub } from '../../fixes/subscribeOnce.ts';

/** One registration: at module level where the handler needs nothing of its function, else through a hub. */
export function fixes(file: FileAnalysis, registration: Registration): readonly Fix[] {
  return fixesOf(file.unit.path, [registerOnce(file, registration), subscribeToHub(file, registration)]);
}
