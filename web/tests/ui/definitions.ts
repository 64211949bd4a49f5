/** The agent types that come with the platform, as the forms meet them. */

import marketingJson from '../../../services/plant/agent_types/definitions/marketing.digital_marketing.v1.json'
import tradingJson from '../../../services/plant/agent_types/definitions/trading.delta_futures.v1.json'
import type { FormObject } from '../../src/ui/SchemaForm'

interface Definition {
  config_schema: FormObject
  goal_templates: readonly { template_id: string; settings_schema: FormObject }[]
}

export const trading: Definition = tradingJson
export const marketing: Definition = marketingJson

export function settingsSchema(definition: Definition, template: string): FormObject {
  const found = definition.goal_templates.find(({ template_id }) => template_id === template)
  if (found === undefined) throw new Error(`no template ${template}`)
  return found.settings_schema
}
