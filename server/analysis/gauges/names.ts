/** What counters are called that say how much is going on at this moment. */
const inFlight =
  /in_?flight|active|pending|running|busy|open|concurren|outstanding|ongoing|in_?progress|in_?use|borrowed|leased|checked_?out|current|processing|connected|loading|waiting|queued|requests?$|connections?$|jobs?$|tasks?$|workers?$|sessions?$|uploads?$|downloads?$|calls?$|locks?$|holders?$|readers?$|writers?$|users?$/i;

/** Counters that are taken from and given back to. */
const capacity =
  /^_*(?:available|free|permits?|slots?|capacity|credits?)(?:$|[A-Z_])|(?:Available|Free|Permits|Slots|Capacity|Credits)$/;

/** Numbers that go up and down and hold nothing: cursors, nesting, tries, versions. */
const holdsNothing =
  /^_*(?:[ijkn]|idx|pos|ptr|id|seq|col|row|x|y|z)$|^_*(?:index|position|offset|cursor|line|column|depth|level|indent|nest|retr|attempt|tries|version|revision|generation|epoch|next|page|step|stack|limit|balance|score|stock|quantity)|(?:Index|Pos|Position|Offset|Cursor|Line|Column|Depth|Level|Indent|Indentation|Nesting|Retries|Retry|Attempts|Attempt|Version|Id|Page|Step|Tick|Priority)$/;

export type CounterKind = 'inFlight' | 'capacity' | 'other' | 'none';

/** What a counter's name says that it counts. */
export function kindOfName(name: string): CounterKind {
  if (holdsNothing.test(name)) return 'none';
  if (capacity.test(name)) return 'capacity';
  return inFlight.test(name) ? 'inFlight' : 'other';
}
