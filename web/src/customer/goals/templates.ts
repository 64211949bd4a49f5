/** The goal templates of an agent, as the version of the type that it is pinned to has them. */

import { useQuery } from '@tanstack/react-query'

import { agentTypeQuery, hiredAgentQuery } from '../queries/agents'

/** The agent's type in the version that it was configured with. */
export function usePinnedType(instanceId: string) {
  const { data: agent } = useQuery(hiredAgentQuery(instanceId))
  return useQuery({
    ...agentTypeQuery(agent?.agent_type_id ?? '', agent?.agent_type_version),
    enabled: agent !== undefined,
  })
}

export function useTemplateNames(instanceId: string): (templateId: string) => string {
  const { data } = usePinnedType(instanceId)
  return (templateId) =>
    data?.definition.goal_templates.find((one) => one.template_id === templateId)?.display_name ?? templateId
}
