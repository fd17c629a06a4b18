// Writes the tree of inputs of a bridged plugin to the file that its argument names: for the plugin's configuration
// and each resource, name → kind. A kind is "string", "number", "boolean", "any", "asset", ["array", kind],
// ["map", kind] or the object's own tree. Compiled into a recipe by renew.ts; it is a test only to stay out
// of the plugin.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"sort"
	"testing"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/walk"
)

// overlay is what a provider's mapping says about a schema: the names and types that the bridge would not derive.
type overlay struct {
	schema shim.SchemaMap
	infos  map[string]*tfbridge.SchemaInfo
}

func (o overlay) fields(at walk.SchemaPath, schema shim.SchemaMap) (map[string]any, error) {
	tree := map[string]any{}
	var failed error
	schema.Range(func(key string, s shim.Schema) bool {
		path := at.GetAttr(key)
		info := tfbridge.LookupSchemaInfoMapPath(path, o.infos)
		computed := info != nil && info.MarkAsComputedOnly != nil && *info.MarkAsComputedOnly
		if !(s.Optional() || s.Required()) || computed || s.Removed() != "" || (info != nil && info.Omit) {
			return true
		}
		name, err := tfbridge.TerraformToPulumiNameAtPath(path, o.schema, o.infos)
		if err == nil {
			tree[name], err = o.kind(path, s, info)
		}
		failed = err
		return err == nil
	})
	return tree, failed
}

func (o overlay) kind(path walk.SchemaPath, s shim.Schema, info *tfbridge.SchemaInfo) (any, error) {
	if info != nil && info.Asset != nil {
		return "asset", nil
	}
	if info != nil && info.Type != "" {
		return string(info.Type), nil
	}
	switch s.Type() {
	case shim.TypeBool:
		return "boolean", nil
	case shim.TypeInt, shim.TypeFloat:
		return "number", nil
	case shim.TypeString:
		return "string", nil
	case shim.TypeMap, shim.TypeList, shim.TypeSet:
		return o.collection(path, s, info)
	}
	return "any", nil
}

func (o overlay) collection(path walk.SchemaPath, s shim.Schema, info *tfbridge.SchemaInfo) (any, error) {
	isMap := s.Type() == shim.TypeMap
	var element any = "string"
	var err error
	switch e := s.Elem().(type) {
	case shim.Resource:
		if isMap { // one nested object
			return o.fields(path, e.Schema())
		}
		element, err = o.fields(path.Element(), e.Schema())
	case shim.Schema:
		element, err = o.kind(path.Element(), e, tfbridge.LookupSchemaInfoMapPath(path.Element(), o.infos))
	}
	switch {
	case isMap:
		return []any{"map", element}, err
	case tfbridge.IsMaxItemsOne(s, info):
		return element, err
	}
	return []any{"array", element}, err
}

func TestPropertyTree(t *testing.T) {
	info := providerInfo()
	trees := map[string]any{}
	add := func(token string, schema shim.SchemaMap, infos map[string]*tfbridge.SchemaInfo) {
		tree, err := overlay{schema, infos}.fields(walk.NewSchemaPath(), schema)
		if err != nil {
			t.Fatal(token, err)
		}
		trees[token] = tree
	}
	add("pulumi:providers:"+info.Name, info.P.Schema(), info.Config)
	for name, resource := range info.Resources {
		add(string(resource.Tok), info.P.ResourcesMap().Get(name).Schema(), resource.Fields)
	}
	if err := os.WriteFile(flag.Arg(0), perLine(t, trees), 0o644); err != nil {
		t.Fatal(err)
	}
}

// perLine is the trees as JSON, one resource a line: short, and changes are seen in a diff.
func perLine(t *testing.T, trees map[string]any) []byte {
	tokens := []string{}
	for token := range trees {
		tokens = append(tokens, token)
	}
	sort.Strings(tokens)
	var out bytes.Buffer
	for i, token := range tokens {
		line, err := json.Marshal(trees[token])
		if err != nil {
			t.Fatal(err)
		}
		separator := ",\n"
		if i == 0 {
			separator = "{\n"
		}
		out.WriteString(separator + `"` + token + `":` + string(line))
	}
	out.WriteString("\n}\n")
	return out.Bytes()
}
