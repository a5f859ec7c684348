/** Where a workspace's logo is: shown to everybody, as its name is, so an `<img>` may ask for it. */
export const logoAt = (logo_id: string): string => `/api/v1/logos/${logo_id}`;
