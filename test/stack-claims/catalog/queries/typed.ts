import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'typed',
  summary: 'Gives its parameters back, one of each type.',
  parameters: z.object({
    whole: z.int().min(1).max(10).default(3),
    number: z.number().min(0).default(0.5),
    choice: z.enum(['left', 'right']).default('left'),
    flag: z.boolean().default(true),
    day: z.iso.date().default('2026-01-31'),
    list: z.array(z.int()).default([]),
  }),
  row: z.object({
    whole: z.int(),
    number: z.number(),
    choice: z.string(),
    flag: z.boolean(),
    day: z.string(),
    listed: z.int(),
  }),
});
