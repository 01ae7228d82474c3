declare module '*?assembly' {
  const module: Uint8Array<ArrayBuffer>;
  export default module;
}
