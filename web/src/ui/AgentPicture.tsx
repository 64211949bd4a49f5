/** The picture by which a customer tells agents apart; a letter where there is none of that name. */

import { Avatar, type AvatarProps } from '@mantine/core'
import {
  IconBuildingLighthouse,
  IconCompass,
  IconFeather,
  IconHorse,
  IconLeaf,
  IconRocket,
  type TablerIcon,
} from '@tabler/icons-react'

const PICTURES: Record<string, TablerIcon> = {
  bull: IconHorse,
  compass: IconCompass,
  leaf: IconLeaf,
  lighthouse: IconBuildingLighthouse,
  owl: IconFeather,
  rocket: IconRocket,
}

export function AgentPicture({ name, size = 'md' }: { name: string; size?: AvatarProps['size'] }) {
  const Picture = PICTURES[name]
  return (
    <Avatar size={size} radius="md" color="petrol" variant="outline" aria-hidden="true">
      {Picture ? <Picture size="70%" stroke={1.5} /> : name.charAt(0).toUpperCase()}
    </Avatar>
  )
}
