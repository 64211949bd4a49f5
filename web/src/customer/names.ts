/** What the customer's agents are called, and which of them is selected. */

import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'

import { agentTypesQuery, myAgentsQuery } from './queries/agents'
import type { MyAgent } from './wire'

/** The subscription of the agent that the address names; undefined stands for all agents. */
export function useChosenAgent(): string | undefined {
  const { agent } = useSearch({ strict: false }) as { agent?: string }
  return agent
}

export interface AgentNames {
  ofAgent: (item: MyAgent) => string
  ofInstance: (instanceId: string | null | undefined) => string | undefined
  ofType: (agentTypeId: string) => string
}

export function useAgentNames(): AgentNames {
  const agents = useQuery(myAgentsQuery()).data?.items ?? []
  const types = useQuery(agentTypesQuery).data?.items ?? []

  function ofType(agentTypeId: string): string {
    return types.find((type) => type.agent_type_id === agentTypeId)?.definition.display_name ?? agentTypeId
  }
  function ofAgent({ agent, subscription }: MyAgent): string {
    return agent?.nickname ?? ofType(subscription.agent_type_id)
  }
  function ofInstance(instanceId: string | null | undefined): string | undefined {
    const found = agents.find((item) => item.agent && item.agent.hired_instance_id === instanceId)
    return found && ofAgent(found)
  }
  return { ofAgent, ofInstance, ofType }
}
