/** Who did something: a person by the end of their id, a service by its name. */

import { Text } from '@mantine/core'

import { shortId } from './links'

export function Actor({ actor }: { actor: string }) {
  const [kind = '', id] = actor.split(':')
  return (
    <Text size="sm" title={actor} style={{ whiteSpace: 'nowrap' }}>
      {kind} {id !== undefined && shortId(id)}
    </Text>
  )
}
