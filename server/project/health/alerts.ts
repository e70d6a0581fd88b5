/** Rules for Prometheus: what to be told of, on the metrics of the written module. */
export const alerts = `# Written by Leakproof. Alerts for the metrics of the health module beside it; load it with rule_files.
groups:
  - name: leakproof
    rules:
      - alert: TooManyOpenFiles
        expr: process_open_fds / process_max_fds > 0.8
        for: 5m
        annotations:
          summary: "{{ $labels.instance }} has {{ $value | humanizePercentage }} of its file descriptors open"
      - alert: FileDescriptorLeak
        expr: deriv(process_open_fds[5m]) > 0.1
        for: 10m
        annotations:
          summary: "{{ $labels.instance }} opens descriptors and does not close them"
      - alert: HeapNearlyFull
        expr: nodejs_heap_size_used_bytes / nodejs_heap_size_limit_bytes > 0.9
        for: 5m
        annotations:
          summary: "{{ $labels.instance }} is about to run out of memory"
      - alert: TooManyTasks
        expr: leakproof_tasks_in_flight > 1000
        for: 1m
        annotations:
          summary: "{{ $labels.instance }} has {{ $value }} tasks in flight that nobody waits for"
      - alert: ListenersPileUp
        expr: nodejs_listeners > 50
        for: 1m
        annotations:
          summary: "{{ $labels.emitter }} of {{ $labels.instance }} has {{ $value }} listeners of {{ $labels.event }}"
      - alert: HandlerRegistrationFailed
        expr: increase(leakproof_handler_registration_failures_total[10m]) > 0
        annotations:
          summary: "{{ $labels.instance }} could not register a handler"
      - alert: ReloadFailed
        expr: leakproof_last_reload_successful == 0
        annotations:
          summary: "{{ $labels.instance }} goes on with what it read before: the last reload failed"
      - alert: ListenerDown
        expr: leakproof_listener_up == 0
        for: 1m
        annotations:
          summary: "port {{ $labels.port }} of {{ $labels.instance }} does not answer"
`;
