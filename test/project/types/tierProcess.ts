// A process that asks a question, says which child answered, and then ends in the way it is told.
import { createSupervisionMemory, supervise, watchThrough } from '../../../server/project/types/supervise.ts';
import { createTypeTier } from '../../../server/project/types/tier.ts';

const [path = '', ending] = process.argv.slice(2);
const memory = createSupervisionMemory();
supervise(memory);
const watch = watchThrough(memory);
let child: number | undefined;
const tier = createTypeTier({
  watch: {
    ...watch,
    started(pid) {
      child = pid;
      watch.started(pid);
    },
  },
});
tier.facts(path, [{ position: 0, aspects: [] }]);
process.stdout.write(`${child}\n`);
if (ending === 'exit with a stopped child' && child !== undefined) {
  process.kill(child, 'SIGSTOP');
  process.exit(0);
}
setInterval(() => {}, 1000);
