/**
 * Instruments that go up and down. Data only: what makes them, and which calls raise and lower them. Instruments that
 * only grow are not listed: nobody lowers them.
 */
export interface GaugeModel {
  readonly library: string;
  /** The modules that it comes from. */
  readonly modules: readonly string[];
  /** `new Gauge(…)`, also the name of its type. */
  readonly construct?: string;
  /** `meter.createUpDownCounter(…)`. */
  readonly made?: string;
  /** The name of its type, where it is not constructed. */
  readonly type?: string;
  readonly raise: GaugeCall;
  readonly lower: GaugeCall;
  /** Calls that set it to a value: somebody else keeps it right. */
  readonly sets: readonly string[];
}

export interface GaugeCall {
  readonly member: string;
  /** The sign of the first argument, where that decides. */
  readonly sign?: 1 | -1;
}

export const gaugeModels: readonly GaugeModel[] = [
  {
    library: 'prom-client',
    modules: ['prom-client'],
    construct: 'Gauge',
    raise: { member: 'inc' },
    lower: { member: 'dec' },
    sets: ['set', 'reset', 'setToCurrentTime', 'remove'],
  },
  {
    library: '@opentelemetry/api',
    modules: ['@opentelemetry/api', '@opentelemetry/sdk-metrics'],
    made: 'createUpDownCounter',
    type: 'UpDownCounter',
    raise: { member: 'add', sign: 1 },
    lower: { member: 'add', sign: -1 },
    sets: [],
  },
];

/** Calls that raise and lower by convention, where both are seen of one object: statsd, hot-shots and their like. */
export const gaugeConventions: readonly (readonly [raise: string, lower: string])[] = [
  ['inc', 'dec'],
  ['increment', 'decrement'],
];
