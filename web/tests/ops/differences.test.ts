/** What differs between two definitions, in words. */

import { differences } from '../../src/ops/differences'

const PUBLISHED = {
  summary: 'Before',
  config_schema: { properties: { nickname: { type: 'string', maxLength: 60 }, theme: { type: 'string' } } },
  goal_templates: [
    { template_id: 'report', settings_schema: { properties: {} } },
    { template_id: 'order', settings_schema: { properties: {} } },
  ],
  enforcement: { plans: { trial: { task_limit: 100 } } },
}

describe('differences', () => {
  it('finds none in the same content in another order', () => {
    const moved = { ...PUBLISHED, goal_templates: [...PUBLISHED.goal_templates].reverse() }

    expect(differences(PUBLISHED, moved)).toEqual([])
  })

  it('names fields of the configuration that were added, removed and changed', () => {
    const after = {
      ...PUBLISHED,
      config_schema: {
        properties: { nickname: { type: 'string', maxLength: 40 }, extra: { type: 'string' } },
      },
    }

    expect(differences(PUBLISHED, after).map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'changed configuration field nickname: maxLength',
      'removed configuration field theme',
      'added configuration field extra',
    ])
  })

  it('names goals by their ids and says from what to what', () => {
    const [report] = PUBLISHED.goal_templates
    const after = {
      ...PUBLISHED,
      summary: 'After',
      goal_templates: [{ ...report, settings_schema: { properties: { coin: { type: 'string' } } } }],
    }

    expect(differences(PUBLISHED, after)).toEqual([
      { kind: 'changed', what: 'summary', from: 'Before', to: 'After' },
      { kind: 'added', what: 'setting coin of goal report', to: '{"type":"string"}' },
      expect.objectContaining({ kind: 'removed', what: 'goal order' }),
    ])
  })

  it('names plans', () => {
    const after = { ...PUBLISHED, enforcement: { plans: { trial: { task_limit: 50 } } } }

    expect(differences(PUBLISHED, after)).toEqual([
      { kind: 'changed', what: 'plan trial: task_limit', from: '100', to: '50' },
    ])
  })
})
