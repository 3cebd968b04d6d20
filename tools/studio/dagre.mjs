// What the studio's map uses of dagre (tools/studio/build bundles it).
import { Graph, layout } from "@dagrejs/dagre";

export { Graph, layout };
