import { version } from '../project/catalog/version.generated.ts';
import type { Checked } from './checks.ts';

/** Text for a bug report: nothing of the code itself. */
export function diagnosticsReport(checked: Checked | undefined, folders: readonly string[]): string {
  const memory = Math.round(process.memoryUsage.rss() / 2 ** 20);
  const lines = [
    `Leakproof ${version}`,
    `Node ${process.version}, ${process.platform} ${process.arch}, ${memory} MB`,
    `Workspace folders: ${folders.length}`,
  ];
  if (checked !== undefined) {
    const { report, settings } = checked;
    lines.push(
      `Document: ${report.path}`,
      `Configuration: ${report.configPath ?? 'none'}`,
      `Types: ${report.backend}`,
      `Last check: ${Math.round(report.durationMs)} ms, ${report.findings.length} findings`,
      `Shown: ${report.reason ?? 'yes'}`,
      `Settings: ${JSON.stringify(settings)}`,
      ...report.remarks.map((remark) => `Remark: ${remark}`),
    );
  }
  return `${lines.join('\n')}\n`;
}
