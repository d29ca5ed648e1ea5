import type { Project } from '../../project/model.js';

/** Labels of the objects that kustomize builds for the project. */
export const labels = (project: Project): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/managed-by': 'kustomize',
  'app.kubernetes.io/name': project.name,
});
