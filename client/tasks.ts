import {
  type Disposable,
  ProcessExecution,
  Task,
  type TaskDefinition,
  TaskGroup,
  TaskScope,
  tasks,
  type WorkspaceFolder,
  workspace,
} from 'vscode';

interface LeakproofTask extends TaskDefinition {
  readonly paths?: readonly string[];
}

/** Offers the command line as a task, run by the editor's own Node: nobody needs another one for it. */
export function provideTasks(commandLine: string): Disposable {
  const create = (definition: LeakproofTask, scope: WorkspaceFolder | TaskScope): Task => {
    const args = [commandLine, 'check', ...(definition.paths ?? ['.']), '--format', 'unix'];
    const execution = new ProcessExecution(process.execPath, args, { env: { ELECTRON_RUN_AS_NODE: '1' } });
    const task = new Task(definition, scope, 'check', 'leakproof', execution, '$leakproof');
    task.group = TaskGroup.Test;
    return task;
  };
  return tasks.registerTaskProvider('leakproof', {
    provideTasks: () => (workspace.workspaceFolders ?? []).map((folder) => create({ type: 'leakproof' }, folder)),
    resolveTask: ({ definition, scope }) =>
      create(definition as LeakproofTask, typeof scope === 'object' ? scope : TaskScope.Workspace),
  });
}
