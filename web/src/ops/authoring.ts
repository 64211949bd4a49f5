/** Reading and writing agent types: versions, checks, drafts, publishing, retiring. */

import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'

import { answer, pp } from '../api/client'
import type { components, paths } from '../api/pp'
import type { Facts } from './Facts'

type Schemas = components['schemas']
export type AgentType = Schemas['AgentType']
export type Definition = Schemas['AgentTypeDefinition']
export type Finding = Schemas['Finding']
export type VersionState = Schemas['VersionState']
type DraftPath = paths['/api/pp/agent-types/{agent_type_id}/draft']['put']
type DraftBody = DraftPath['requestBody']['content']['application/json']

const MOST = '200'

export const agentTypesQuery = queryOptions({
  queryKey: ['agent_types', 'all'],
  queryFn: () => answer(pp.GET('/api/pp/agent-types', { params: { query: { limit: MOST } } })),
})

export const versionsQuery = (id: string) =>
  queryOptions({
    queryKey: ['agent_types', 'versions', id],
    queryFn: () =>
      answer(pp.GET('/api/pp/agent-types', { params: { query: { limit: MOST, agent_type_id: id } } })),
  })

export const agentTypeVersionQuery = (id: string, version: number) =>
  queryOptions({
    queryKey: ['agent_types', 'version', id, version],
    queryFn: () =>
      answer(
        pp.GET('/api/pp/agent-types/{agent_type_id}', {
          params: { path: { agent_type_id: id }, query: { version: String(version) } },
        }),
      ),
  })

/** What is wrong with a definition; asked for again only when it has changed. */
export function useReport(definition: Facts | undefined) {
  return useQuery({
    queryKey: ['definition_report', definition],
    queryFn: () => answer(pp.POST('/api/pp/agent-types/validate', { body: definition ?? {} })),
    enabled: definition !== undefined,
    staleTime: Infinity,
    placeholderData: (before) => before,
  })
}

function useChange<Wanted>(change: (wanted: Wanted) => Promise<AgentType>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: ['agent_types'] }),
  })
}

/** The portal checks the shape; whatever was written is sent as it is. */
export function useSaveDraft(id: string) {
  return useChange((definition: Facts) =>
    answer(
      pp.PUT('/api/pp/agent-types/{agent_type_id}/draft', {
        params: { path: { agent_type_id: id } },
        body: definition as unknown as DraftBody,
      }),
    ),
  )
}

export function usePublish(id: string) {
  return useChange(() =>
    answer(
      pp.POST('/api/pp/agent-types/{agent_type_id}/publish', { params: { path: { agent_type_id: id } } }),
    ),
  )
}

export function useRetire(id: string) {
  return useChange((version: number) =>
    answer(
      pp.POST('/api/pp/agent-types/{agent_type_id}/versions/{version}/retire', {
        params: { path: { agent_type_id: id, version: String(version) } },
      }),
    ),
  )
}
