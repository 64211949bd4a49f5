/** What a new agent type begins with: the least that a definition holds, or a copy of another. */

import type { Definition } from './authoring'

export function blankDefinition(id: string, copied?: Definition): Definition {
  if (copied) return { ...copied, agent_type_id: id }
  return {
    agent_type_id: id,
    display_name: 'A new agent',
    summary: 'What it does, for customers who choose.',
    agent_kind: id.split('.')[0] ?? 'agent',
    config_schema: {
      type: 'object',
      additionalProperties: false,
      required: ['nickname'],
      properties: {
        nickname: {
          type: 'string',
          title: 'Nickname',
          minLength: 1,
          maxLength: 60,
          'x-ui': { order: 1, help: 'What you call this agent.' },
        },
      },
    },
    roles: { title: '/nickname' },
    rules: [],
    goal_templates: [
      {
        template_id: 'first_goal',
        display_name: 'First goal',
        summary: 'What can be asked of it.',
        frequencies: ['on_demand'],
        settings_schema: { type: 'object', additionalProperties: false, properties: {} },
        defaults: {},
        skill_binding: 'name.of.a.pattern',
        reads: [],
      },
    ],
    patterns: [],
    enforcement: { approval: 'per_post', deterministic: true, plans: { trial: { trial_days: 14 } } },
  }
}
