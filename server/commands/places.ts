/** Where the files of the product are: inside the executable, or in the repository. */
export type Places = { migrations: string; ui: string | null };
