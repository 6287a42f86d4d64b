package cli

import (
	"cmp"
	"errors"
	"io"
	"slices"

	"imscope/cmd/internal/pcapng"
	"imscope/decode/capture"
	"imscope/decode/rewrite"
)

// write writes the capture.
func (x *extraction) write(w io.Writer) error {
	out := pcapng.NewWriter(w, pcapng.Options{Application: "imscope " + version(), Interface: x.describe})
	if x.in.files != nil && x.opt.run == nil {
		x.interfaces(out)
	}
	err := x.source(func(src capture.Source) error {
		if x.opt.run != nil {
			return x.redacted(src, out)
		}
		secrets := x.secrets(src)
		return x.each(src, func(pk *capture.Packet) error {
			for _, s := range secrets() {
				out.Secrets(s)
			}
			return out.Packet(pk)
		})
	})
	x.span(out)
	return errors.Join(err, out.Flush())
}

// span says in the capture how long the ones that it is made of went on: that a user was silent until their end may be
// what there is to tell.
func (x *extraction) span(out *pcapng.Writer) {
	var covers []capture.Cover
	began := x.began
	for i := range x.in.files {
		f := &x.in.files[i]
		covers = append(covers, f.Covers()...)
		if b := f.Began(); b != 0 { // it is made of a longer one itself
			began = min(began, b)
		}
	}
	slices.SortFunc(covers, func(a, b capture.Cover) int { return cmp.Or(cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To)) })
	n := 0
	for _, c := range covers {
		if n > 0 && c.From <= covers[n-1].To {
			covers[n-1].To = max(covers[n-1].To, c.To)
			continue
		}
		covers[n] = c
		n++
	}
	for i, c := range covers[:n] {
		if i == 0 {
			c.From = max(c.From, began) // users are told from the first message on
		}
		out.Span(c.From, c.To)
	}
}

// secrets gives a function that gives the decryption secrets of the captures that have come since the last call, if
// the messages were sealed.
func (x *extraction) secrets(src capture.Source) func() []capture.Secret {
	holder, ok := src.(interface{ Secrets() []capture.Secret })
	known := map[*byte]bool{}
	return func() []capture.Secret {
		if !ok || !x.collector.Sealed() {
			return nil
		}
		return slices.DeleteFunc(holder.Secrets(), func(s capture.Secret) bool {
			if len(s.Data) == 0 || known[&s.Data[0]] {
				return true
			}
			known[&s.Data[0]] = true
			return false
		})
	}
}

// each calls fn with each packet.
func (x *extraction) each(src capture.Source, fn func(*capture.Packet) error) error {
	for {
		b, err := src.Next(x.ctx)
		switch {
		case err == io.EOF:
			return nil
		case err != nil && x.ctx.Err() == nil:
			return nil // what is wrong with the captures was said of the first pass
		case err != nil:
			return err
		}
		for i := range b.Packets {
			x.written++
			if err := fn(&b.Packets[i]); err != nil {
				b.Release()
				return err
			}
		}
		b.Release()
	}
}

// redacted writes packets with names replaced.
func (x *extraction) redacted(src capture.Source, out *pcapng.Writer) error {
	rw := rewrite.New(x.opt.run.r)
	rw.UserDLT(x.opt.decoding.user.links)
	var list []capture.Packet
	err := x.each(src, func(pk *capture.Packet) error {
		if err := rw.Add(pk); err != nil {
			return err
		}
		list = append(list, *pk)
		return nil
	})
	if err != nil {
		return err
	}
	rw.Finish()
	x.blanked = rw.Stats.Blanked
	for i := range list {
		list[i].Data = rw.Packet(i)
		if err := out.Packet(&list[i]); err != nil {
			return err
		}
	}
	return nil
}

// maxInterfaces is how many interfaces are written that nothing was captured at; of more, those with packets are.
const maxInterfaces = 64

// interfaces writes those of the captures in their order, so that their numbers stay.
func (x *extraction) interfaces(out *pcapng.Writer) {
	n := 0
	for i := range x.in.files {
		n += len(x.in.files[i].Interfaces)
	}
	if n > maxInterfaces {
		return
	}
	for i := range x.in.files {
		for k, f := range x.in.files[i].Interfaces {
			out.Describe(uint16(i), uint32(k), f.Link)
		}
	}
}

// describe says what the captures say of an interface.
func (x *extraction) describe(file uint16, iface uint32) capture.Interface {
	if int(file) >= len(x.in.files) || int(iface) >= len(x.in.files[file].Interfaces) {
		return capture.Interface{Resolution: pcapng.Nanoseconds}
	}
	f := x.in.files[file].Interfaces[iface]
	if x.opt.run != nil {
		f.Name, f.Description = x.opt.run.r.Label(f.Name), ""
	}
	return f
}
